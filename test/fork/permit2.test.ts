import { expect } from "chai";

import { MAX, onNetwork, part, USDC, WAD } from "./support/fork.ts";
import { CASH, useWorld } from "./support/world.ts";

const PERMIT = "((address token, uint256 amount) permitted, uint256 nonce, uint256 deadline)";
const PERMIT2 = [
  `function permitTransferFrom(${PERMIT} permit, (address to, uint256 amount) transfer, address owner, bytes signature)`,
];
const TYPES = {
  PermitTransferFrom: [
    { name: "permitted", type: "TokenPermissions" },
    { name: "spender", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  TokenPermissions: [
    { name: "token", type: "address" },
    { name: "amount", type: "uint256" },
  ],
};
/** Scope.DEPOSIT. */
const DEPOSIT = 2;
const AMOUNT = 1_000n * USDC;

onNetwork("Permit2 beside the house", ["permit2", "usdc", "weth", "chainlink"], () => {
  const world = useWorld();

  it("CLR-01: a delegate fetches her USDC by her one signature, deposits it for her, and can do neither twice", async () => {
    const w = world();
    const permit2 = w.chain.at(part("permit2"), PERMIT2);
    await w.mint(w.alice.address, 2n * AMOUNT);
    await w.usdc.send("approve", [permit2.address, MAX], w.alice.address);
    const permit = { permitted: { token: w.usdc.address, amount: AMOUNT }, nonce: 7n, deadline: MAX };
    const domain = { name: "Permit2", chainId: w.book.chainId, verifyingContract: permit2.address };
    const signature = await w.alice.signTypedData(domain, TYPES, { ...permit, spender: w.bob.address });
    const fetchTokens = (spender: string) =>
      permit2.send(
        "permitTransferFrom",
        [permit, { to: w.bob.address, amount: AMOUNT }, w.alice.address, signature],
        spender,
      );
    const isRefused = async (spender: string) =>
      fetchTokens(spender).then(
        () => false,
        () => true,
      );
    expect(await isRefused(w.carol.address), "another's").to.equal(true);
    await fetchTokens(w.bob.address);
    expect(await isRefused(w.bob.address), "again").to.equal(true);

    const account = w.id(w.alice);
    await w.usdc.send("approve", [w.houseAddress, AMOUNT], w.bob.address);
    await expect(w.house.connect(w.bob).deposit(account, CASH, AMOUNT))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotAuthorized")
      .withArgs(account, w.bob.address, DEPOSIT);
    await w.house.connect(w.alice).setDelegate(w.bob.address, DEPOSIT, (await w.now()) + 3_600n);
    await w.house.connect(w.bob).deposit(account, CASH, AMOUNT);
    expect(await w.cashOf(account)).to.equal(1_000n * WAD);
    expect(await w.balanceOf(w.alice.address)).to.equal(AMOUNT);
  });
});
