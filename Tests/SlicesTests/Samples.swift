// SPDX-License-Identifier: Apache-2.0

/// Cross-section files small enough to check by eye.
enum Samples {
    /// The unit square at z = 0 and z = 2.
    static let squareTower = """
        CSLC
        2 2

        1 4 1 0 0 1 0
        0 0 0
        1 0 0
        1 1 0
        0 1 0
        4 1 0 1 2 3
        2 4 1 0 0 1 -2
        0 0 2
        1 0 2
        1 1 2
        0 1 2
        4 1 0 1 2 3
        """
}
