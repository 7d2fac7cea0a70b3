// SPDX-License-Identifier: Apache-2.0

/// Cross-sections that determine no surface.
public enum SliceSetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not one of `planes` planes carries a contour.
    case noContours(planes: Int)
    /// Only plane `number` carries contours.
    case onlyOnePlane(number: Int)
    /// Several planes carry contours, but they all coincide.
    case allOnOnePlane
    /// `label` was asked for, but only `available` occur.
    case unknownLabel(label: Int, available: [Int])

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .noContours(let planes):
            "None of the \(planes) planes has a contour. Export the file again with its contours, not with planes alone."
        case .onlyOnePlane(let number):
            "Only plane \(number) has contours; at least two planes with contours are needed."
        case .allOnOnePlane:
            "All contours lie on one and the same plane; at least two planes with contours are needed."
        case .unknownLabel(let label, let available):
            "Label \(label) does not occur. Choose one of: \(available.map(String.init).joined(separator: ", "))."
        }
    }
}
