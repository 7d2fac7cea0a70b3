// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Slices

/// Flags that say how volumes and stacks of pictures become cross-sections.
struct SliceInputFlags: ParsableArguments {
    /// An index axis of a volume.
    enum Axis: String, ExpressibleByArgument, CaseIterable {
        case i, j, k
    }

    @Option(help: "Index axis of a volume across which slices are taken: that of the thickest slices by default.")
    var axis: Axis?

    @Option(
        help: ArgumentHelp("Take every n-th slice of a volume, to test what is made of the others.", valueName: "n"))
    var every = 1

    @Option(help: ArgumentHelp("First slice of a volume that is taken, from 0.", valueName: "n"))
    var first = 0

    @Option(
        help: ArgumentHelp(
            "Distances between pixels along rows and columns, and between pictures, in the units of the output.",
            valueName: "x,y,z"))
    var spacing: String?

    @Option(
        help: ArgumentHelp(
            "Distance between pictures, when --spacing gives that of pixels only: one number, or x,y.", valueName: "z"))
    var thickness: Double?

    @Option(
        help: ArgumentHelp(
            "Voxels or pixels of at least this value are inside; without it their numbers are labels, 0 outside.",
            valueName: "value"))
    var threshold: Double?

    @Flag(
        help: """
            Slices without labels say nothing, where only some slices were painted; else all of them is outside.
            """)
    var skipEmpty = false

    func validate() throws {
        _ = try parsedSpacing()
        guard every >= 1 else { throw ValidationError("--every is \(every); it must be at least 1.") }
        guard first >= 0 else { throw ValidationError("--first is \(first); it must be at least 0.") }
    }

    /// Reads an input as the flags ask; errors name it.
    func read(_ path: String, threads: Int) throws -> SliceInput {
        var options = SliceInputOptions()
        options.slicing.axis = axis.flatMap { Axis.allCases.firstIndex(of: $0) }
        options.slicing.every = every
        options.slicing.first = first
        options.spacing = try parsedSpacing()
        options.skipsEmpty = skipEmpty
        if let threshold { options.rule = .threshold(threshold) }
        return try NamedFileError.naming(path) { try SliceInput.read(path, options: options, threads: threads) }
    }

    private func parsedSpacing() throws -> SIMD3<Double>? {
        guard let spacing else {
            if thickness == nil { return nil }
            throw ValidationError("--thickness needs --spacing with the size of a pixel.")
        }
        var numbers = try spacing.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let number = Double(part), number > 0, number <= 1e30 else {
                throw ValidationError("--spacing is \(spacing); it must be positive numbers like 0.5,0.5,3.")
            }
            return number
        }
        if numbers.count == 1 { numbers.append(numbers[0]) }
        if let thickness, numbers.count == 2 { numbers.append(thickness) }
        guard numbers.count == 3, thickness == nil || numbers[2] == thickness, numbers[2] > 0, numbers[2] <= 1e30 else {
            throw ValidationError("Give --spacing x,y,z, or --spacing x,y with --thickness z.")
        }
        return SIMD3(numbers[0], numbers[1], numbers[2])
    }
}
