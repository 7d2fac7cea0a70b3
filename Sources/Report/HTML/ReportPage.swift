// SPDX-License-Identifier: Apache-2.0

/// A whole page: everything it needs is in it, and its policy forbids the browser to fetch anything.
struct ReportPage {
    /// In the window's title and at the top.
    var title: String
    /// Below the title.
    var summary: HTML
    var sections: [ReportSection]
    /// Scripts before the end; none for a page without 3D view.
    var scripts: HTML

    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
        style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <meta name="generator" content="Zeroset">
        <link rel="icon" href="data:,">
        <title>\(title)</title>
        <style>
        \(ReportAssets.style)</style>
        </head>
        <body>
        <main>
        <header><h1>\(title)</h1>
        \(summary)</header>
        \(sections.map(\.html))</main>
        \(scripts)</body>
        </html>

        """
    }
}
