// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Geometry
import Glibc
import Synchronization

/// Shows progress with the time left on standard error: one line that is rewritten on a terminal, a plain line every ten
/// seconds otherwise.
final class ProgressDisplay: Sendable {
    private struct State {
        var stage = ""
        var stageStart: UInt64 = 0
        var startCompleted = 0
        var lastShown: UInt64 = 0
        var lineOpen = false
    }
    private let state = Mutex(State())
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let isQuiet: Bool

    /// Creates a display that shows nothing when `isQuiet`.
    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    /// Takes one report; cheap when nothing is due.
    func show(_ progress: StageProgress) {
        guard !isQuiet else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        state.withLock { state in
            if state.stage != progress.stage {
                close(&state)
                state.stage = progress.stage
                (state.stageStart, state.startCompleted) = (now, progress.completed)
                state.lastShown = isTerminal ? 0 : now
            }
            let interval: UInt64 = isTerminal ? 200_000_000 : 10_000_000_000
            let isLast = progress.total.map { progress.completed >= $0 } ?? false
            guard now &- state.lastShown >= interval || (isTerminal && isLast) else { return }
            state.lastShown = now
            let seconds = Double(now - state.stageStart) * 1e-9
            let text = Self.line(progress, since: state.startCompleted, seconds: seconds)
            write(isTerminal ? "\r\u{1B}[2K" + text : text + "\n")
            state.lineOpen = isTerminal
        }
    }

    /// Shows a sentence on a line of its own.
    func note(_ sentence: String) {
        guard !isQuiet else { return }
        state.withLock { close(&$0) }
        write(sentence + "\n")
    }

    /// Ends the current line.
    func finish() { state.withLock { close(&$0) } }

    private func close(_ state: inout State) {
        if state.lineOpen { write("\n") }
        state.lineOpen = false
    }

    private static func line(_ progress: StageProgress, since start: Int, seconds: Double) -> String {
        var text = progress.stage
        if let total = progress.total, total > 0 {
            text += " \(100 * progress.completed / total) % (\(progress.completed) of \(total))"
            let done = progress.completed - start
            if done > 0, progress.completed < total {
                let left = seconds / Double(done) * Double(total - progress.completed)
                text += ", \(duration(left)) left"
            }
        } else {
            text += " \(progress.completed)"
        }
        if let figure = progress.figure { text += ", loss \(rounded(figure, places: 4))" }
        return text
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }

    private func write(_ text: String) { StandardError.write(text) }
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
