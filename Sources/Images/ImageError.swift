// SPDX-License-Identifier: Apache-2.0

import Storage

/// A picture could not be read or written. `name` is the path, or what the caller calls bytes that come from elsewhere.
public enum ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refused.
    case file(FileError)
    /// The first bytes announce no format that is read here.
    case unknownFormat(name: String, isEmpty: Bool)
    /// Nothing of the picture can be read.
    case malformed(name: String, format: ImageFormat, reason: String)
    /// A valid file of a kind that is not read here.
    case unsupported(name: String, format: ImageFormat, reason: String)
    /// The file is cut off or corrupt: a part of the picture is missing or wrong.
    case damaged(name: String, format: ImageFormat, reason: String)
    /// The picture is larger than the limits allow, or claims to be.
    case tooLarge(name: String, width: Int, height: Int, reason: String)
    /// The picture could not be encoded.
    case unwritable(name: String, reason: String)

    /// What is wrong, without the name and without advice.
    public var reason: String {
        switch self {
        case .file(let error): error.description
        case .unknownFormat(_, let isEmpty): isEmpty ? "the file is empty" : "not a PNG, JPEG or TIFF picture"
        case .malformed(_, let format, let reason): "malformed \(format.rawValue) file (\(reason))"
        case .unsupported(_, let format, let reason): "unsupported kind of \(format.rawValue) file (\(reason))"
        case .damaged(_, let format, let reason): "cut off or corrupt: \(format.rawValue), \(reason)"
        case .tooLarge(_, let width, let height, let reason): "\(width) × \(height) pixels, \(reason)"
        case .unwritable(_, let reason): reason
        }
    }

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .unknownFormat(let name, _), .malformed(let name, _, _):
            "Cannot read \(name): \(reason). Replace or remove it; --skip-unreadable continues without it."
        case .unsupported(let name, _, _):
            "Cannot read \(name): \(reason). "
                + "Save it as an 8-bit RGB picture; --skip-unreadable continues without it."
        case .damaged(let name, _, _):
            "\(name) is \(reason). Replace it; --accept-damaged uses what is "
                + "left of it, --skip-unreadable continues without it."
        case .tooLarge(let name, _, _, _):
            "Cannot read \(name): \(reason). "
                + "Scale it down; --allow-huge lifts the limit, --skip-unreadable continues without it."
        case .unwritable(let name, _): "Cannot write \(name): \(reason)."
        }
    }
}
