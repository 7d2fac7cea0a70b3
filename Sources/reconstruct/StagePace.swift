// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How long one stage and the whole run will still take, from what was expected and how fast it has gone so far.
struct StagePace {
    /// A stage and the seconds expected of it.
    struct Part {
        var name: String
        var seconds: Double
    }

    /// In order of execution; empty when nothing is known of the run.
    var parts: [Part] = []
    private var current: Int?
    private var partStart = 0.0
    /// Of finished stages: seconds that were expected, and that they took.
    private var finished = (expected: 0.0, actual: 0.0)
    private var stageStart = 0.0
    private var startCompleted = 0

    init(parts: [Part] = []) { self.parts = parts }

    /// A part of the run begins at `time`; parts that are passed over were kept.
    mutating func begin(_ name: String, at time: Double) {
        if let current { finished = (finished.expected + parts[current].seconds, finished.actual + time - partStart) }
        current = parts.firstIndex { $0.name == name }
        partStart = time
    }

    /// Another kind of progress begins.
    mutating func restart(_ progress: StageProgress, at time: Double) {
        (stageStart, startCompleted) = (time, progress.completed)
    }

    /// Seconds until the present kind of progress is complete; `nil` while nothing was done.
    func stageLeft(_ progress: StageProgress, at time: Double) -> Double? {
        guard let total = progress.total, progress.completed < total, progress.completed > startCompleted else {
            return nil
        }
        return (time - stageStart) / Double(progress.completed - startCompleted) * Double(total - progress.completed)
    }

    /// Seconds until the run is complete; `nil` without expectations.
    func runLeft(stageLeft: Double?, at time: Double) -> Double? {
        guard let current else { return nil }
        let later = parts[(current + 1)...].reduce(0) { $0 + $1.seconds }
        let spent = time - partStart
        // What has been seen counts as much as three seconds of expectation at first, and ever more.
        let pace = (finished.actual + 3) / (finished.expected + 3)
        let rest = max(stageLeft ?? 0, pace * parts[current].seconds - spent, 0)
        return rest + pace * later
    }
}
