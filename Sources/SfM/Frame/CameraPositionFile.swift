// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// Reads positions of cameras from text: `name x y z` on each line, separated by spaces, tabs, commas or semicolons.
///
/// Empty lines and lines that start with `#` are passed over, as is a first line whose last three words are no numbers
/// (the header of a table). A name may hold spaces, not separators of the other kinds.
public enum CameraPositionFile {
    /// Largest file that is read: 64 MiB.
    private static let limit = 64 << 20

    /// Reads a file.
    ///
    /// - Throws: `FileError`, ``FrameError``.
    public static func read(_ path: String) throws -> [String: SIMD3<Double>] {
        try parse(String(decoding: try InputFile.read(path, limit: limit), as: UTF8.self), path: path)
    }

    /// Reads the text of a file; `path` is for messages.
    public static func parse(_ text: String, path: String) throws(FrameError) -> [String: SIMD3<Double>] {
        var result: [String: SIMD3<Double>] = [:]
        var isFirst = true
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let fields = fields(of: line)
            guard let start = fields.first, !start.hasPrefix("#") else { continue }
            defer { isFirst = false }
            let numbers = fields.suffix(3).compactMap { Double($0) }.filter(\.isFinite)
            guard fields.count >= 4, numbers.count == 3 else {
                if isFirst, fields.count >= 4, numbers.isEmpty { continue }
                throw .malformedPositions(
                    path: path, line: index + 1, reason: "expected a name and three finite numbers")
            }
            let name = fields.dropLast(3).joined(separator: " ")
            guard result.updateValue(SIMD3(numbers[0], numbers[1], numbers[2]), forKey: name) == nil else {
                throw .malformedPositions(path: path, line: index + 1, reason: "\(name) is there twice")
            }
        }
        return result
    }

    private static func fields(of line: Substring) -> [String] {
        line.split { " \t,;\"".contains($0) }.map(String.init)
    }
}
