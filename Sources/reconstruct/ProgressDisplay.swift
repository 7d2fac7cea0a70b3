// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Geometry
import Glibc
import Synchronization

/// Shows progress with the time left on standard error, in the style that was asked for.
///
/// A bar and JSON lines are renewed once a second even when nothing was reported, so that nobody takes a long step for the end.
final class ProgressDisplay: Sendable {
    private struct State {
        var pace = StagePace()
        var latest: StageProgress?
        var lastShown = 0.0
        var lineOpen = false
    }
    private let state = Mutex(State())
    private let start = DispatchTime.now().uptimeNanoseconds
    private let style: ProgressStyle

    /// Creates a display that is alive until ``finish()``.
    init(_ style: ProgressStyle) {
        self.style = style
        if style == .bar || style == .json { waitForBeat() }
    }

    /// What the run is expected to consist of.
    func expect(_ parts: [StagePace.Part]) { state.withLock { $0.pace = StagePace(parts: parts) } }

    /// A part of the run begins.
    func begin(_ part: String) { state.withLock { $0.pace.begin(part, at: elapsed) } }

    /// Takes one report; cheap when nothing is due.
    func show(_ progress: StageProgress) {
        guard style != .off else { return }
        state.withLock { state in
            if state.latest?.stage != progress.stage {
                close(&state)
                state.pace.restart(progress, at: elapsed)
                // Plain lines tell only of stages that last.
                state.lastShown = style == .lines ? elapsed : -.infinity
            }
            state.latest = progress
            let isLast = progress.total.map { progress.completed >= $0 } ?? false
            let interval = style == .lines ? 10 : 0.2
            guard elapsed - state.lastShown >= interval || (style != .lines && isLast) else { return }
            write(&state)
        }
    }

    /// Shows a sentence on a line of its own.
    func note(_ sentence: String) {
        guard style != .off else { return }
        state.withLock { state in
            close(&state)
            if style == .json {
                StandardError.write(ProgressEvent(event: .note, elapsed: elapsed, text: sentence).line + "\n")
            } else {
                StandardError.write(sentence + "\n")
            }
        }
    }

    /// Ends the current line and the sign of life.
    func finish() {
        state.withLock { state in
            close(&state)
            state.latest = nil
        }
    }

    private var elapsed: Double { Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 }

    /// On a queue of its own priority: those below are busy computing.
    private func waitForBeat() {
        DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: .now() + 0.5) { [weak self] in
            self?.beat()
            self?.waitForBeat()
        }
    }

    private func beat() {
        state.withLock { state in
            if state.latest != nil, elapsed - state.lastShown >= 0.5 { write(&state) }
        }
    }

    private func write(_ state: inout State) {
        guard let progress = state.latest else { return }
        let now = elapsed
        state.lastShown = now
        let stageLeft = state.pace.stageLeft(progress, at: now)
        let left = state.pace.runLeft(stageLeft: stageLeft, at: now)
        guard style != .json else {
            let event = ProgressEvent(
                event: .progress, elapsed: now, left: left, stage: progress.stage, completed: progress.completed,
                total: progress.total, stageLeft: stageLeft, figure: progress.figure)
            return StandardError.write(event.line + "\n")
        }
        let text = ProgressText.line(progress, secondsLeft: stageLeft, runLeft: left, hasBar: style == .bar)
        StandardError.write(style == .bar ? "\r\u{1B}[2K" + text : text + "\n")
        state.lineOpen = style == .bar
    }

    private func close(_ state: inout State) {
        if state.lineOpen { StandardError.write("\n") }
        state.lineOpen = false
    }
}

/// `value` with `places` decimals, with a point whatever the locale.
func rounded(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    guard abs(value) * scale < 1e15 else { return "\(value)" }
    let units = Int((abs(value) * scale).rounded())
    let fraction = String(units % Int(scale))
    let sign = value < 0 && units > 0 ? "-" : ""
    if places == 0 { return "\(sign)\(units)" }
    return "\(sign)\(units / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
}
