// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Progress in words.
enum ProgressText {
    /// `fitting the surface [######----] 63 % (1134 of 1800), 7 s left, loss 0.0123`
    static func line(_ progress: StageProgress, secondsLeft: Double?, runLeft: Double?, hasBar: Bool) -> String {
        var text = progress.stage
        if let total = progress.total, total > 0 {
            let share = min(1, max(0, Double(progress.completed) / Double(total)))
            if hasBar { text += " " + bar(share) }
            text += " \(Int(100 * share)) % (\(progress.completed) of \(total))"
        } else {
            text += " \(progress.completed)"
        }
        if let secondsLeft { text += ", \(duration(secondsLeft)) left" }
        if let runLeft { text += ", about \(duration(runLeft)) in all" }
        if let figure = progress.figure { text += ", loss \(rounded(figure, places: 4))" }
        return text
    }

    /// `1 min 20 s`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "very long" }
        let whole = Int(max(0, seconds).rounded(.up))
        if whole < 60 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    private static let barWidth = 20

    private static func bar(_ share: Double) -> String {
        let full = Int(share * Double(barWidth))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: barWidth - full) + "]"
    }
}
