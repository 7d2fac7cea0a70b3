// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Report

/// `reconstruct view`
struct ViewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view", abstract: "Show a report in the browser, from this machine to this machine only.",
        discussion: """
            Serves the report of a workspace, or a page that `slices --report` wrote, and the meshes and points beside it on \
            127.0.0.1, and prints the address to open. Ctrl-C ends it. The page also opens without this, by a double click.
            """)

    @Argument(
        help: ArgumentHelp("Workspace with a report.html, or a page.", valueName: "workspace or page.html"),
        completion: .file())
    var path: String

    @Option(help: ArgumentHelp("Port to listen on, 0 for any that is free.", valueName: "n"))
    var port: UInt16 = 0

    func run() async throws {
        let files: ServedFiles
        do {
            files = try ServedFiles(path)
        } catch {
            StandardError.write("error: \(error) Make it with `reconstruct images` or `reconstruct slices --report`.\n")
            throw ExitCode(1)
        }
        Interruption.listen()
        do {
            try await ReportServer(files: files, port: port).run { address in
                print(address)
                // Whoever reads this through a pipe waits for it.
                fflush(nil)
                StandardError.write("Open this in a browser; Ctrl-C ends it.\n")
            }
        } catch {
            StandardError.write("error: \(error)\n")
            throw ExitCode(1)
        }
    }
}
