// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry
import Report
import SfM

/// One photo command at work: progress, interruption, report and exit code.
struct PhotoRun {
    let workspace: Workspace
    let options: PhotoOptions
    let common: ComputingFlags
    private let clock = RunClock()

    init(workspace: Workspace, options: PhotoOptions, common: ComputingFlags) {
        self.workspace = workspace
        self.options = options
        self.common = common
    }

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
        // Only what this command did is printed and decides on the exit code; the files tell of earlier ones, too.
        let done = job.report
        let report = try PhotoReportOutput(job: job, clock: clock).write()
        print(common.json ? try JSONText.encode(report) : PhotoReportText(done).text)
        let isDoubtful = done.mapping?.models.first?.isDoubtful == true
        if isDoubtful || !done.unregistered.isEmpty { throw ExitCode(2) }
    }
}
