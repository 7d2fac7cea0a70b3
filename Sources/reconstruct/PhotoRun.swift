// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry
import SfM

/// One photo command at work: progress, interruption, report and exit code.
struct PhotoRun {
    let workspace: Workspace
    let options: PhotoOptions
    let common: ComputingFlags

    /// Runs `body` on the job and prints what came of it.
    func callAsFunction(_ body: (PhotoJob) throws -> Void) throws {
        let display = ProgressDisplay(isQuiet: common.quiet)
        Interruption.listen()
        let job = try PhotoJob(
            workspace: workspace, options: options, threads: common.threadCount, progress: { display.show($0) },
            cancellation: { Interruption.isRequested })
        do {
            try body(job)
        } catch is PhotoJobInterruption {
            display.finish()
            StandardError.write("Interrupted. Run the same command again to continue.\n")
            throw ExitCode(Interruption.exitCode)
        }
        display.finish()
        try job.saveReport()
        print(common.json ? try JSONText.encode(job.report) : PhotoReportText(job.report).text)
        let isDoubtful = job.report.mapping?.models.first?.isDoubtful == true
        if isDoubtful || !job.report.unregistered.isEmpty { throw ExitCode(2) }
    }
}
