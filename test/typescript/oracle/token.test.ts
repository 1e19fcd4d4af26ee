import { expect } from "chai";
import { deployOracle, deployWithSources, FEED } from "./support/oracle.ts";

/** Whose price a feed is: said once, by governance, so that a vault can tell what its own token is (CVR-03). */
describe("PriceOracle.setToken (CVR-03, GOV-01)", () => {
  async function listed() {
    const { oracle, stranger, ethers } = await deployWithSources(3);
    const token = await (await ethers.deployContract("MockToken", ["Test Dollar", "USDT", 6])).getAddress();
    const other = await (await ethers.deployContract("MockToken", ["Other Dollar", "USDX", 6])).getAddress();
    return { oracle, stranger, ethers, token, other };
  }

  it("says it once, with an event, and never again", async () => {
    const { oracle, ethers, token, other } = await listed();
    expect(await oracle.tokenOf(FEED)).to.equal(ethers.ZeroAddress);
    await expect(oracle.setToken(FEED, token)).to.emit(oracle, "FeedTokenSet").withArgs(FEED, token);
    expect(await oracle.tokenOf(FEED)).to.equal(token);
    for (const again of [other, token, ethers.ZeroAddress]) {
      await expect(oracle.setToken(FEED, again))
        .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidToken")
        .withArgs(FEED, again, token);
    }
    expect(await oracle.tokenOf(FEED)).to.equal(token);
  });

  it("refuses what has no code", async () => {
    const { oracle, stranger, ethers } = await listed();
    for (const nothing of [ethers.ZeroAddress, stranger.address]) {
      await expect(oracle.setToken(FEED, nothing))
        .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidToken")
        .withArgs(FEED, nothing, ethers.ZeroAddress);
    }
  });

  it("refuses a feed that was never listed", async () => {
    const { oracle, token } = await listed();
    await expect(oracle.setToken(200, token))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
      .withArgs(200);
  });

  it("refuses everyone but the access manager's roles", async () => {
    const { oracle, stranger } = await deployOracle();
    await expect(oracle.connect(stranger).setToken(FEED, await oracle.getAddress()))
      .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
  });
});
