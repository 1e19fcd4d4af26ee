/*
 * How instrumented code knows what is asked of it. The number that is chosen stands in the code itself, so that choosing another one is
 * a replacement in compiled code: no call, no storage, no compilation, and nothing that a function marked `pure` may not do.
 */

/** Source name of what all instrumented files import. */
export const SWITCH_FILE = "instrument/Switch.sol";

/** What stands in the code until a number is chosen. */
const UNCHOSEN = "9f3ad1c45b7e206894bfa1e37c58d20fe6b4917a83dc5e02f1764c9b28e05ad3";

/** Chosen when every number that is asked for shall be reported; above all numbers of points. */
export const LISTENING = 0xfffffffe;

/** None of the points has this number. */
export const NOTHING = 0;

/** Where reports go: the address that the simulator listens at for coverage. */
const LISTENER = "0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE";

/** The names are not taken anywhere in the project. */
export const IS_CHOSEN = "isChosen__";
export const YES = "yes__";
export const NO = "no__";
export const REACH = "reach__";

/** `calldatasize() >> 128` is 0, which the optimiser does not know: it cannot decide beforehand what is chosen. */
export const SWITCH_SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

uint256 constant LISTENING__ = ${LISTENING};

function ${IS_CHOSEN}(uint256 number) pure returns (bool) {
    uint256 chosen;
    assembly ("memory-safe") {
        chosen := xor(0x${UNCHOSEN}, shr(128, calldatasize()))
    }
    if (chosen == LISTENING__) ${REACH}(number);
    return chosen == number;
}

function ${YES}(uint256 number) pure returns (bool) {
    ${REACH}(number);
    return true;
}

function ${NO}(uint256 number) pure returns (bool) {
    ${REACH}(number);
    return false;
}

function ${REACH}(uint256 number) pure {
    asPure__(report__)(number);
}

function report__(uint256 point) view {
    assembly ("memory-safe") {
        let data := mload(0x40)
        mstore(data, point)
        pop(staticcall(gas(), ${LISTENER}, data, 32, 0, 0))
    }
}

function asPure__(function(uint256) view given) pure returns (function(uint256) pure taken) {
    assembly ("memory-safe") {
        taken := given
    }
}
`;

/** One line, put behind the last of a file: lines keep their numbers. */
export const SWITCH_IMPORT = `import {${IS_CHOSEN}, ${YES}, ${NO}, ${REACH}} from "${SWITCH_FILE}";`;

const word = (number: number) => number.toString(16).padStart(64, "0");

/** Code in hexadecimal digits with a number chosen. */
export function choose(code: string, number: number): string {
  return code.replaceAll(UNCHOSEN, word(number));
}

export const hasSwitch = (code: string) => code.includes(UNCHOSEN);
