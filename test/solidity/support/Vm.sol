// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheat codes that the tests use. They come with the test runner; no library is needed.
interface Vm {
    function warp(uint256 timestamp) external;
    function prank(address caller) external;
    function deal(address account, uint256 balance) external;
    function startPrank(address caller) external;
    function stopPrank() external;
    function expectRevert(bytes calldata data) external;
    function expectEmit(address emitter) external;
    function assume(bool condition) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function snapshotState() external returns (uint256 id);
    function setEnv(string calldata name, string calldata value) external;
    function envOr(string calldata name, uint256 fallback_) external view returns (uint256);
    function revertToState(uint256 id) external returns (bool);
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
