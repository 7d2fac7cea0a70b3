// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh
import Slices
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct SliceJobTests {
    /// A job in a folder of its own.
    private static func job(_ folder: TemporaryFolder, seed: UInt64 = 1, fingerprint: UInt64 = 5) throws -> SliceJob {
        let set = try GeneratedSet.peanut.read()
        var options = SliceReconstructorTests.options(steps: 120, resolution: 40)
        options.training.tilesPerStep = 4
        options.seed = seed
        return SliceJob(
            slices: set,
            input: .init(path: "peanut.csl", label: nil, planes: set.sections.count, contours: 12, repairs: []),
            inputFingerprint: fingerprint, output: folder.path("mesh.ply"), options: options, threads: 2)
    }

    /// A cancellation check that says yes when it is asked for the `count`-th time.
    private static func cancelling(after count: Int) -> CancellationCheck {
        let asked = Mutex(0)
        return {
            asked.withLock { value in
                value += 1
                return value > count
            }
        }
    }

    @Test func interruptedRunsEndWithTheSameBytes() throws {
        let folder = try TemporaryFolder()
        let job = try Self.job(folder)
        guard case .finished(let report, _) = try job.run() else { return #expect(Bool(false), "not finished") }
        #expect(report.training?.resumedFromStep == 0)
        #expect(report.surface.mesh.isClosed)
        let reference = try InputFile.read(job.output)

        OutputFile.remove(job.output)
        for stop in [1, 7, 12] {
            let outcome = try job.run(cancellation: Self.cancelling(after: stop))
            guard case .interrupted = outcome else { return #expect(Bool(false), "not interrupted") }
            #expect(throws: FileError.self) { try InputFile.read(job.output) }
        }
        guard case .finished(let resumed, _) = try job.run() else { return #expect(Bool(false), "not finished") }
        #expect(resumed.training?.resumedFromStep == 1 + 7 + 12)
        #expect(try InputFile.read(job.output) == reference)
        #expect(throws: FileError.self) { try InputFile.read(job.checkpointPath) }
    }

    @Test func previewsChangeNothing() throws {
        let folder = try TemporaryFolder()
        let job = try Self.job(folder)
        guard case .finished(let report, let mesh) = try job.run() else { return #expect(Bool(false), "not finished") }
        let preview = MeshPreview(interval: 1e-3) { _ in }
        guard case .finished(let other, let same) = try job.run(preview: preview) else {
            return #expect(Bool(false), "not finished")
        }
        #expect(mesh == same && report.training?.curve == other.training?.curve)
    }

    @Test func strangeCheckpointsAreNotUsed() throws {
        let folder = try TemporaryFolder()
        let job = try Self.job(folder)
        let reference = try Self.bytes(of: job)

        _ = try job.run(cancellation: Self.cancelling(after: 9))
        let good = try InputFile.read(job.checkpointPath)
        var strangers = [("cut", Array(good[..<(good.count / 2)])), ("empty", [])]
        strangers.append(("text", Array("not a checkpoint".utf8)))
        strangers.append(("header", good.enumerated().map { $0 == 20 ? $1 ^ 1 : $1 }))
        let otherFolder = try TemporaryFolder()
        let others = ["seed": try Self.job(otherFolder, seed: 2), "input": try Self.job(otherFolder, fingerprint: 6)]
        for (name, other) in others {
            _ = try other.run(cancellation: Self.cancelling(after: 9))
            strangers.append((name, try InputFile.read(other.checkpointPath)))
        }
        for (name, bytes) in strangers {
            try OutputFile.write(bytes, to: job.checkpointPath)
            var notes: [String] = []
            _ = try job.run(note: { notes.append($0) })
            #expect(notes.contains { $0.hasPrefix("Starting afresh") }, "\(name): \(notes)")
            #expect(try InputFile.read(job.output) == reference, "\(name)")
        }
    }

    @Test func nothingIsLostWhenTheMeshCannotBeWritten() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder)
        let reference = try Self.bytes(of: job)
        OutputFile.remove(job.output)
        _ = try job.run(cancellation: Self.cancelling(after: 20))
        let saved = try InputFile.read(job.checkpointPath)
        // The folder is gone at the moment of writing.
        let elsewhere = job.output
        job.output = folder.path("missing/mesh.ply")
        #expect(throws: (any Error).self) { try job.run() }
        job.output = elsewhere
        #expect(try InputFile.read(job.checkpointPath) == saved)
        #expect(try Self.bytes(of: job) == reference)
    }

    @Test func aFieldWithoutSurfaceIsAnError() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder)
        // One step cannot raise anything above zero at this rate.
        job.options.training.steps = 1
        job.options.training.schedule.peak = 1e-9
        do {
            _ = try job.run()
        } catch SliceJobError.emptySurface {
            #expect(throws: FileError.self) { try InputFile.read(job.output) }
            return
        }
        // A random network may have a surface; then there is a mesh, and it is closed.
        #expect(try MeshReport(of: MeshFile.read(job.output)).isClosed)
    }

    private static func bytes(of job: SliceJob) throws -> [UInt8] {
        _ = try job.run()
        return try InputFile.read(job.output)
    }
}
