// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The built `reconstruct`.
enum Program {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Beside the test bundle, which the test runner is given by path.
    static var path: String {
        let arguments = ProcessInfo.processInfo.arguments
        for name in ["--test-bundle-path", "--testing-library-bundle-path"] {
            if let place = arguments.firstIndex(of: name), place + 1 < arguments.count {
                let folder = URL(fileURLWithPath: arguments[place + 1]).deletingLastPathComponent()
                return folder.appendingPathComponent("reconstruct").path
            }
        }
        return URL(fileURLWithPath: arguments[0]).deletingLastPathComponent().appendingPathComponent("reconstruct").path
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // What these commands print fits into the buffers of pipes.
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            errors: String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
    }
}
