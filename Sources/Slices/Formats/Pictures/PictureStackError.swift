// SPDX-License-Identifier: Apache-2.0

import Storage

/// A folder of pictures could not be read as slices.
public enum PictureStackError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refused.
    case file(FileError)
    /// The folder holds no pictures.
    case noPictures
    /// Nothing tells how far apart pixels and slices are.
    case noSpacing
    /// Both a description and options tell it.
    case twoSpacings
    /// `stack.json` is at fault.
    case description(String)
    /// A picture is.
    case picture(name: String, reason: String)
    /// Two pictures differ in size, or one from what the description says.
    case sizes(name: String, width: Int, height: Int, expectedWidth: Int, expectedHeight: Int)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .noPictures: "the folder holds no .png or .tif pictures"
        case .noSpacing:
            "nothing tells how large a pixel is and how far slices are apart: give --spacing x,y,z, or put a stack.json "
                + "with voxel_spacing into the folder"
        case .twoSpacings: "both stack.json and options tell the spacing: leave --spacing and --thickness out"
        case .description(let reason): "stack.json: \(reason)"
        case .picture(let name, let reason): "\(name): \(reason)"
        case .sizes(let name, let width, let height, let expectedWidth, let expectedHeight):
            "\(name) has \(width) × \(height) pixels, expected \(expectedWidth) × \(expectedHeight) as in the others"
        }
    }
}
