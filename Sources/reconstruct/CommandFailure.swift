// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Mesh

/// A failure that is told to the user as it is.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Puts the name of a file before errors that know only lines.
enum NamedFileError {
    static func naming<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch MeshFileError.file(let error) {
            // Errors of the file system name the path themselves.
            throw error
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }
}

/// Runs a command's work; an error is printed as one line after `error:` and becomes exit code 1.
func withReportedErrors(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let exit as ExitCode {
        throw exit
    } catch {
        StandardError.write("error: \(error)\n")
        throw ExitCode(1)
    }
}
