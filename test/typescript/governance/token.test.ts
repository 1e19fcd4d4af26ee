import { expect } from "chai";
import { network } from "hardhat";

import { DAY, SUPPLY } from "./support/governed.ts";

const WEEK = 7n * DAY;
const YEAR = 365n * DAY;

describe("BulwarkToken (FND-07, GOV-01)", () => {
  const deploy = async () => {
    const { ethers, networkHelpers } = await network.create();
    const [administrator, minter, holder, stranger] = await ethers.getSigners();
    if (!administrator || !minter || !holder || !stranger) throw new Error("too few accounts");
    const manager = await ethers.deployContract("MockAccessManager", [administrator.address]);
    const token = await ethers.deployContract("BulwarkToken", [await manager.getAddress(), holder.address]);
    // Any contract: its address mints.
    const linked = await manager.getAddress();
    const link = async () => {
      await token.linkMinter(linked);
      await networkHelpers.impersonateAccount(linked);
      await networkHelpers.setBalance(linked, 10n ** 20n);
      return token.connect(await ethers.getSigner(linked));
    };
    const now = async () => BigInt(await networkHelpers.time.latest());
    return { administrator, holder, stranger, manager, linked, token, link, now, networkHelpers, ethers };
  };

  it("begins with 100,000,000, whoever holds them; votes count by time", async () => {
    const { holder, token } = await deploy();
    expect(await token.totalSupply()).to.equal(SUPPLY);
    expect(await token.balanceOf(holder.address)).to.equal(SUPPLY);
    expect(await token.CLOCK_MODE()).to.equal("mode=timestamp");
  });

  it("GOV-01: a permit counts once: its number is used up", async () => {
    const { ethers, holder, stranger, token } = await deploy();
    const { name, version, chainId, verifyingContract } = await token.eip712Domain();
    const fields = ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"];
    const Permit = fields.map((field) => {
      const [type = "", called = ""] = field.split(" ");
      return { type, name: called };
    });
    const message = {
      owner: holder.address,
      spender: stranger.address,
      value: 7n,
      nonce: await token.nonces(holder.address),
      deadline: ethers.MaxUint256,
    };
    const domain = { name, version, chainId, verifyingContract };
    const { v, r, s } = ethers.Signature.from(await holder.signTypedData(domain, { Permit }, message));
    const permit = () => token.permit(message.owner, message.spender, message.value, message.deadline, v, r, s);
    expect(message.nonce).to.equal(0n);
    await permit();
    expect(await token.allowance(holder.address, stranger.address)).to.equal(7n);
    expect(await token.nonces(holder.address)).to.equal(1n);
    await expect(permit()).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
  });

  it("BulwarkToken_NotMinter, AlreadyLinked, InvalidMinter: one contract mints, linked once by the administrator", async () => {
    const { administrator, stranger, linked, token, link, ethers } = await deploy();
    await expect(token.mint(administrator.address, 1n))
      .to.be.revertedWithCustomError(token, "BulwarkToken_NotMinter")
      .withArgs(administrator.address, ethers.ZeroAddress);
    await expect(token.linkMinter(stranger.address))
      .to.be.revertedWithCustomError(token, "BulwarkToken_InvalidMinter")
      .withArgs(stranger.address);
    await expect(token.connect(stranger).linkMinter(linked))
      .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
    await expect(token.linkMinter(linked)).to.emit(token, "MinterLinked").withArgs(linked);
    await expect(token.linkMinter(linked))
      .to.be.revertedWithCustomError(token, "BulwarkToken_AlreadyLinked")
      .withArgs(linked);
    await expect(token.mint(administrator.address, 1n))
      .to.be.revertedWithCustomError(token, "BulwarkToken_NotMinter")
      .withArgs(administrator.address, linked);
    expect(await link().catch(() => undefined), "and never again").to.equal(undefined);
  });

  it("FND-07: 2% in any 7 days, to the wei and to the second, not a week by the calendar", async () => {
    const { holder, token, link, now, networkHelpers } = await deploy();
    const minter = await link();
    const most = (SUPPLY * 2n) / 100n;
    expect(await token.mintable()).to.equal(most);
    await expect(minter.mint(holder.address, most + 1n))
      .to.be.revertedWithCustomError(token, "BulwarkToken_AboveCap")
      .withArgs(most + 1n, most);
    await minter.mint(holder.address, most - 5n);
    const first = await now();
    await networkHelpers.time.setNextBlockTimestamp(first + WEEK - 1n);
    await expect(minter.mint(holder.address, 6n))
      .to.be.revertedWithCustomError(token, "BulwarkToken_AboveCap")
      .withArgs(6n, 5n);
    await networkHelpers.time.setNextBlockTimestamp(first + WEEK);
    const grown = SUPPLY + most - 5n;
    const second = (grown * 102n) / 100n - grown;
    await minter.mint(holder.address, second);
    expect(await token.totalSupply()).to.equal(grown + second);
    expect(await token.mintable()).to.equal(0n);
  });

  it("FND-07: 10% in any 365 days, whatever is asked for week by week", async () => {
    const { holder, token, link, now, networkHelpers } = await deploy();
    const minter = await link();
    const first = (await now()) + 10n;
    await networkHelpers.time.setNextBlockTimestamp(first);
    for (let week = 0; week < 6; week++) {
      const amount = await token.mintable();
      if (amount > 0n) await minter.mint(holder.address, amount);
      await networkHelpers.time.increase(WEEK);
    }
    expect(await token.totalSupply()).to.equal((SUPPLY * 110n) / 100n);
    expect(await token.mintable()).to.equal(0n);
    await networkHelpers.time.increaseTo(first + YEAR - 1n);
    expect(await token.mintable()).to.equal(0n);
    await networkHelpers.time.increaseTo(first + YEAR);
    // Of a year ago there is the first week's supply.
    expect(await token.mintable()).to.equal((((SUPPLY * 102n) / 100n) * 110n) / 100n - (SUPPLY * 110n) / 100n);
  });
});
