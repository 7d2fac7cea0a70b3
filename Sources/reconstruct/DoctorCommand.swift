// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `reconstruct doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check whether this machine is fit for reconstructions.",
        discussion: """
            Looks at processor, kernels, memory, disk and libraries. Needs no network, no display and no home folder.

            Exit codes: 0 fit, 1 something will make reconstructions fail.
            """)

    @Option(
        help: ArgumentHelp("Where results will be written. Default: this folder.", valueName: "folder"),
        completion: .directory)
    var folder = "."

    @Flag(help: "Print the checks as JSON on standard output.")
    var json = false

    func run() throws {
        try withReportedErrors {
            let checks = HealthCheck.all(folder: folder)
            if json {
                print(try JSONText.encode(checks))
            } else {
                let marks: [HealthCheck.State: String] = [.good: "ok     ", .limited: "limited", .bad: "BAD    "]
                print("reconstruct \(Reconstruct.configuration.version)")
                for check in checks {
                    let name = check.name.padding(to: 10)
                    print("\(marks[check.state] ?? "") \(name) \(check.text)")
                }
            }
            if checks.contains(where: { $0.state == .bad }) { throw ExitCode(1) }
        }
    }
}

extension String {
    /// With spaces at the end up to `width` characters.
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
