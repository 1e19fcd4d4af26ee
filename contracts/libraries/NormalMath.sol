// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WAD} from "../types/Constants.sol";

/// @title NormalMath
/// @notice Distribution function N of the standard normal law. WAD in, WAD out.
/// @dev N(-x) for x >= 0 is 1 / P(x)^8 with ONE polynomial P of degree 22: N(-x)^(-1/8) grows about as exp(x^2 / 16) and is smooth, so
/// that neither an exponential nor a second branch is needed. Its coefficients are our own: a Remez exchange with 70 digits on
/// [0, 8.8], error weighted by 8 (N + 1e-12) / N^(-1/8), constant term fixed to 2^(1/8), so that N(0) = 1/2 to the wei. The largest error
/// is 1.69e-17, or 1.7e-5 of N where that is less; beyond 8.8 N(-x) is below one wei. The published approximations that
/// this stands beside (W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969), 631-637; J. F. Hart et
/// al., Computer Approximations (1968), no. 5666) multiply a quotient of two polynomials by an exponential.
/// @custom:twin sdk/math/NormalMath.ts
library NormalMath {
    /// @dev Largest |found - N(x)|, wei: 16.85 of the approximation and 1 of the last rounding.
    uint256 internal constant ERROR = 18;
    /// @dev From here on the tail is 0, WAD.
    uint256 internal constant HIGHEST = 8.8e18;

    /// @notice N(x) to 18 wei. Never falls when x rises, 1/2 at 0, and N(-x) = 1 - N(x) to the wei.
    /// @param x WAD, any int256
    function cumulative(int256 x) internal pure returns (uint256) {
        // Two's complement: 0 - uint256(x) is |x| for every negative x.
        unchecked {
            return x < 0 ? tail(0 - uint256(x)) : WAD - tail(uint256(x));
        }
    }

    /// @notice N(-x) for x >= 0, to 18 wei: what `cumulative` says of -x.
    /// @dev Rounded down from 1 / P(x)^8. P' is 0.108 or more on the whole range, which is 1e-19 for each wei of x, and the
    /// rounding of all steps together below 1e-27: so P rises with every wei, and the tail never rises.
    function tail(uint256 x) internal pure returns (uint256) {
        if (x > HIGHEST) return 0;
        // The sum of P in powers of y / 2^63, y in wei. Even coefficients are scaled by 2^96, odd ones by 2^159: so two steps need one
        // shift, and no number leaves 240 bits. P ends between 1.09 and 188, below 2^104; its eighth power keeps 192 binary places.
        unchecked {
            int256 y = int256(x);
            int256 p = 151404176592527037188257210910211;
            p = p * y - 10184394257055248895237270675980938222876674422146763;
            p = ((p * y) >> 126) + 3822110858632663563288230257162802;
            p = p * y - 76138127929278563270152637067882812293995436128020787;
            p = ((p * y) >> 126) + 12413083281722093444276782161574984;
            p = p * y - 126661792060668863041588034718993298809056741548726284;
            p = ((p * y) >> 126) + 11511859615218102813017109183087766;
            p = p * y - 68035336842544117550582204346079046271089578225180496;
            p = ((p * y) >> 126) + 3562975821035733741099877684475848;
            p = p * y - 11132755551032285958372085001285875873924659262522565;
            p = ((p * y) >> 126) + 212883759091782477533854779719045;
            p = p * y + 402813563921379828265563618054297172220607900822689;
            p = ((p * y) >> 126) - 39492756166448121898862692508043;
            p = p * y + 111478189830606842576132969389938503726706844730148;
            p = ((p * y) >> 126) + 4635464913757986854150684981168;
            p = p * y - 11528310529624537777523283720243757870552888882933;
            p = ((p * y) >> 126) + 2285970442300813108081026578921;
            p = p * y + 11950995256509066656072913724550047965015126482660;
            p = ((p * y) >> 126) + 530739687050952035208019957541;
            p = p * y + 5424619628512187425655025655760419111088248949503;
            p = ((p * y) >> 126) + 329003448140679417767622812113;
            p = p * y + 733057196052993748877378060019117292558639026344;
            p = ((p * y) >> 126) + 86398923866664962375130072334;
            uint256 power = uint256(p * p) >> 96;
            power = (power * power) >> 96;
            return (WAD << 192) / (power * power);
        }
    }
}
