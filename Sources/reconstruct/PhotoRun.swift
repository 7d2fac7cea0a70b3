// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry
import Report
import SfM
import Storage

/// One photo command at work: progress, interruption, report and exit code.
struct PhotoRun {
    let workspace: Workspace
    let options: PhotoOptions
    let common: ComputingFlags
    /// What is told before the start, for commands that begin with photos.
    var outlook: Outlook?
    /// Whether the surface so far is written to the workspace; `nil` for commands that have no such flag.
    var preview: PreviewFlags?
    private let clock = RunClock()

    /// Photos, and how much of the way they will go.
    struct Outlook {
        var input: PhotoInput
        var stages: Set<PhotoStage>
        var limit: MemorySize?
    }

    init(workspace: Workspace, options: PhotoOptions, common: ComputingFlags) {
        self.workspace = workspace
        self.options = options
        self.common = common
    }

    /// Runs `body` on the job and prints what came of it.
    func callAsFunction(_ body: (PhotoJob) throws -> Void) throws {
        let display = ProgressDisplay(common.progressStyle)
        let forecast = try outlook.map { try self.forecast($0, display: display) }
        Interruption.listen()
        let job = try PhotoJob(
            workspace: workspace, options: options, threads: forecast?.plan.threads ?? common.threadCount,
            progress: { display.show($0) }, cancellation: { Interruption.isRequested })
        job.stageHandler = { display.begin($0.rawValue) }
        job.preview = preview?.request(to: workspace.path("preview.ply"), display: display)
        do {
            try body(job)
        } catch is PhotoJobInterruption {
            display.finish()
            StandardError.write("Interrupted. Run the same command again to continue.\n")
            throw ExitCode(Interruption.exitCode)
        }
        display.finish()
        OutputFile.remove(workspace.path("preview.ply"))
        try finish(job, expected: forecast?.expected(of: job.report.times))
    }

    private func forecast(_ outlook: Outlook, display: ProgressDisplay) throws -> PhotoForecast {
        let forecast = try PhotoForecast(
            outlook.input, options: options, stages: outlook.stages, threads: common.threadCount, limit: outlook.limit)
        for sentence in forecast.sentences { display.note(sentence) }
        display.expect(forecast.estimate.stages.map { .init(name: $0.stage.rawValue, seconds: $0.seconds) })
        return forecast
    }

    /// Only what this command did is printed and decides on the exit code; the files tell of earlier ones, too.
    private func finish(_ job: PhotoJob, expected: ComputingCost?) throws {
        let done = job.report
        let report = try PhotoReportOutput(job: job, clock: clock, expected: expected).write()
        print(common.json ? try JSONText.encode(report) : PhotoReportText(done).text)
        if Folder.exists(workspace.path("report.html")) && !common.json {
            print("\(workspace.folder)/report.html: all of this to look at, in any browser")
        }
        let isDoubtful = done.mapping?.models.first?.isDoubtful == true
        if isDoubtful || !done.unregistered.isEmpty { throw ExitCode(2) }
    }
}
