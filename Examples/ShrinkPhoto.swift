// SPDX-License-Identifier: Apache-2.0

import Images

/// Writes a photo as PNG, made smaller so that its longer side has at most `side` pixels.
public func shrinkPhoto(_ input: String, to output: String, side: Int) throws -> Raster {
    let small = try ImageFile.read(input).resized(longerSideAtMost: side)
    try ImageFile.write(small, to: output)
    return small
}
