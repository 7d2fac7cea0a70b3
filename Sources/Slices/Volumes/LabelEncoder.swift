// SPDX-License-Identifier: Apache-2.0

/// Turns numbers into codes of a ``LabelVolume/Layer``, in the order in which they come.
struct LabelEncoder {
    /// More different values than any atlas has: those of an intensity image.
    static let mostLabels = 4096

    /// Labels by code.
    private(set) var labels = [0]
    private let rule: LabelRule
    private var codeOfLabel: [Int: UInt16] = [0: 0]
    private var lastLabel = 0
    private var lastCode: UInt16 = 0

    init(rule: LabelRule) { self.rule = rule }

    /// The code of a whole number.
    mutating func code(of value: Int) throws(VolumeFileError) -> UInt16 {
        // Neighbours mostly have the same label.
        if value == lastLabel, case .label = rule { return lastCode }
        var label = value
        if case .threshold(let limit) = rule { label = Double(value) >= limit ? 1 : 0 }
        return try code(ofLabel: label)
    }

    /// The code of a number that may have a fraction.
    mutating func code(of value: Double) throws(VolumeFileError) -> UInt16 {
        if case .threshold(let limit) = rule { return try code(ofLabel: value >= limit ? 1 : 0) }
        let whole = value.rounded()
        // Scaling in 32 bits, as some writers do it, errs by about 1e-7 of the value.
        guard abs(value - whole) <= 1e-3, abs(whole) < 1e18 else { throw .notLabels("a voxel has the value \(value)") }
        return try code(ofLabel: Int(whole))
    }

    private mutating func code(ofLabel label: Int) throws(VolumeFileError) -> UInt16 {
        if let known = codeOfLabel[label] { lastCode = known } else { lastCode = try newCode(of: label) }
        lastLabel = label
        return lastCode
    }

    private mutating func newCode(of label: Int) throws(VolumeFileError) -> UInt16 {
        guard (0...Int(Int32.max)).contains(label) else { throw .notLabels("a voxel has the value \(label)") }
        guard labels.count <= Self.mostLabels else {
            throw .notLabels("more than \(Self.mostLabels) different values: this looks like an intensity image")
        }
        let code = UInt16(labels.count)
        labels.append(label)
        codeOfLabel[label] = code
        return code
    }
}
