// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads DICOM structure sets in a process of its own, by pydicom: a malformed file can end that process at worst.
enum StructureSetProcess {
    /// One contour as the file has it.
    struct Contour: Decodable {
        /// Number of its structure, from 1 in sound files.
        var structure: Int
        /// Name of its structure.
        var name: String
        /// `CLOSED_PLANAR` and others.
        var kind: String
        /// x, y, z of each corner in millimetres; x to the patient's left, y to the back, z up.
        var numbers: [Double]
    }

    /// Largest output that is accepted; the process limits itself to 20 million points.
    private static let largestOutput = 1 << 30

    /// The system's Python, where packages of the distribution are, then the first on the path.
    private static let interpreters = [["/usr/bin/python3"], ["/usr/bin/env", "python3"]]
    /// How the script ends where there is no pydicom.
    private static let noReader: Int32 = 3

    /// All contours in the order of the file.
    ///
    /// - Throws: ``StructureSetError``.
    static func contours(ofFile path: String) throws(StructureSetError) -> [Contour] {
        var (output, problem, status) = (Data(), "", noReader)
        for interpreter in interpreters where status == noReader {
            (output, problem, status) = try run(interpreter, path)
        }
        guard status != noReader else { throw .noReader }
        guard status == 0 else {
            throw .refused(reason: problem.isEmpty ? "reading it took more than its memory or time" : problem)
        }
        var result: [Contour] = []
        for line in output.split(separator: UInt8(ascii: "\n")) {
            guard let contour = try? JSONDecoder().decode(Contour.self, from: line) else {
                throw .refused(reason: "the reading process wrote something that is no contour")
            }
            result.append(contour)
        }
        return result
    }

    private static func run(
        _ interpreter: [String], _ path: String
    ) throws(StructureSetError) -> (output: Data, problem: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: interpreter[0])
        let script = String(decoding: PackageResources.structure_set_py, as: UTF8.self)
        // -I: neither this folder nor the user's environment may change what runs.
        process.arguments = interpreter.dropFirst() + ["-I", "-c", script, path]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return (Data(), "", noReader) }
        var bytes = Data()
        while true {
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { break }
            bytes.append(piece)
            if bytes.count > largestOutput {
                process.terminate()
                throw .refused(reason: "its contours take more than \(largestOutput >> 30) GB")
            }
        }
        let problem = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let status = process.terminationStatus
        // env ends with 127 when it finds no such program.
        return (bytes, String(problem.split(separator: "\n").last ?? ""), status == 127 ? noReader : status)
    }
}
