// SPDX-License-Identifier: Apache-2.0

/// A DICOM structure set could not be read as cross-sections.
public enum StructureSetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no Python with pydicom.
    case noReader
    /// The reading process refused the file or ran into its limits.
    case refused(reason: String)
    /// A contour has coordinates that make no contour.
    case contour(number: Int, structure: Int, reason: String)
    /// More contours of one structure on one plane than can be sorted into regions and holes.
    case tooManyContours(structure: Int, count: Int)
    /// No structure has a closed planar contour.
    case noContours

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .noReader: "reading DICOM needs Python with pydicom: apt-get install python3-pydicom"
        case .refused(let reason): reason
        case .contour(let number, let structure, let reason):
            "contour \(number) of structure \(structure): \(reason)"
        case .tooManyContours(let structure, let count):
            "structure \(structure) has \(count) contours on one plane; at most 20000 are accepted"
        case .noContours: "no structure has a closed planar contour"
        }
    }
}
