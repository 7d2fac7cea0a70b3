// SPDX-License-Identifier: Apache-2.0

/// One titled part of a report.
struct ReportSection {
    /// Names the part within the page; letters and hyphens.
    var id: String
    var title: String
    var body: HTML

    var html: HTML { "<section id=\"\(id)\"><h2>\(title)</h2>\(body)</section>\n" }
}

/// Tables and facts that sections share.
enum Markup {
    /// Names and values in two columns; pairs without a value are left out.
    static func facts(_ pairs: [(String, String?)]) -> HTML {
        let rows = pairs.compactMap { name, value -> HTML? in
            value.map { "<div><dt>\(name)</dt><dd>\($0)</dd></div>" }
        }
        return "<dl class=\"facts\">\(rows)</dl>"
    }

    /// A table that scrolls by itself when the window is too narrow; columns named in `numbers` are set to the right.
    static func table(_ header: [String], numbers: Set<Int> = [], rows: [[HTML]], attributes: [HTML] = []) -> HTML {
        func cells(_ contents: [HTML], _ tag: HTML) -> [HTML] {
            contents.enumerated().map { column, cell in
                "<\(tag)\(numbers.contains(column) ? " class=\"n\"" as HTML : .none)>\(cell)</\(tag)>"
            }
        }
        let body = rows.enumerated().map { index, row -> HTML in
            "<tr\(index < attributes.count ? attributes[index] : .none)>\(cells(row, "td"))</tr>"
        }
        return """
            <div class="scroll"><table><thead><tr>\(cells(header.map { "\($0)" }, "th"))</tr></thead>\
            <tbody>\(body)</tbody></table></div>
            """
    }

    /// Large figures side by side.
    static func headline(_ figures: [(value: String, name: String)]) -> HTML {
        "<div class=\"headline\">\(figures.map { "<div><b>\($0.value)</b><span>\($0.name)</span></div>" as HTML })</div>"
    }

    static func list(_ sentences: [String]) -> HTML { "<ul>\(sentences.map { "<li>\($0)</li>" as HTML })</ul>" }

    static func paragraph(_ text: String) -> HTML { "<p>\(text)</p>" }
}
