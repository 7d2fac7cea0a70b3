// SPDX-License-Identifier: Apache-2.0

/// Numbers as people read them, whatever the locale.
enum NumberText {
    /// `1234567` → `1 234 567`, with narrow spaces that do not break.
    static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text += "\u{202F}" }
            text.append(digit)
        }
        return text
    }

    /// With `places` decimals.
    static func fixed(_ value: Double, places: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let scale = (0..<places).reduce(1.0) { product, _ in 10 * product }
        let units = Int((abs(value) * scale).rounded())
        let sign = value < 0 && units > 0 ? "−" : ""
        guard places > 0 else { return sign + grouped(units) }
        let fraction = String(units % Int(scale))
        return sign + grouped(units / Int(scale)) + "." + String(repeating: "0", count: places - fraction.count)
            + fraction
    }

    /// Four significant digits, as far as decimals go.
    static func significant(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "\(value)" }
        guard (1e-4..<1e9).contains(abs(value)) else { return "\(Float(value))" }
        var (size, places) = (abs(value), 3)
        while size >= 10, places > 0 { (size, places) = (size / 10, places - 1) }
        while size < 1 { (size, places) = (size * 10, places + 1) }
        return fixed(value, places: places)
    }

    /// `75.3` → `1 min 15 s`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
        if seconds < 10 { return "\(fixed(seconds, places: 1)) s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// `434_110_464` → `414 MB` (of 2²⁰ bytes).
    static func bytes(_ count: Int) -> String {
        let megabytes = Double(count) / 1_048_576
        return megabytes < 1024
            ? "\(fixed(megabytes, places: megabytes < 10 ? 1 : 0)) MB" : "\(fixed(megabytes / 1024, places: 1)) GB"
    }

    /// `0.9832` → `98.3 %`.
    static func percent(_ share: Double, places: Int = 1) -> String { "\(fixed(100 * share, places: places)) %" }
}
