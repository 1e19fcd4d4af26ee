// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NormalMath} from "../../libraries/NormalMath.sol";
import {OptionMath} from "../../libraries/OptionMath.sol";

/// @title One function, nothing around it
/// @notice Tests only: `npm run bench` measures what a call of it needs, less what a call of `IdentityFrame` needs. All frames are called
/// alike, so that the difference is the computation.
abstract contract MathFrame {
    function f(int256 a, int256 b, int256 c, int256 d, int256 e) external pure virtual returns (int256);
}

/// @notice Computes nothing.
contract IdentityFrame is MathFrame {
    function f(int256 a, int256, int256, int256, int256) external pure override returns (int256) {
        return a;
    }
}

/// @notice N(a).
contract NormalCdfFrame is MathFrame {
    function f(int256 a, int256, int256, int256, int256) external pure override returns (int256) {
        return int256(NormalMath.cumulative(a));
    }
}

/// @notice A put that pays all or nothing: spot a, strike b, deviation c.
contract DigitalPutFrame is MathFrame {
    function f(int256 a, int256 b, int256 c, int256, int256) external pure override returns (int256) {
        return int256(OptionMath.cashOrNothingPutUp(uint256(a), uint256(b), uint256(c)));
    }
}

/// @notice Whether a barrier is touched: spot a, barrier b, deviation c, below if d is not 0.
contract OneTouchFrame is MathFrame {
    function f(int256 a, int256 b, int256 c, int256 d, int256) external pure override returns (int256) {
        return int256(OptionMath.oneTouchUp(uint256(a), uint256(b), d != 0, uint256(c)));
    }
}
