// SPDX-License-Identifier: Apache-2.0

import CThree

/// Styles and scripts that pages are made of.
enum ReportAssets {
    static let style = HTML(trusted: String(decoding: PackageResources.page_css, as: UTF8.self))
    /// The script of the 3D view.
    static let viewer = HTML(trusted: String(decoding: PackageResources.viewer_js, as: UTF8.self))

    /// three.js and its controls as `script` elements under their licence, or `nil` when this program was built without.
    static let three: HTML? = {
        guard let core = text(ZS_THREE_CORE), let controls = text(ZS_THREE_ORBIT_CONTROLS) else { return nil }
        return """
            <!--
            \(HTML(trusted: licence))
            -->
            <script>\(HTML(trusted: core))</script>
            <script>\(HTML(trusted: controls))</script>

            """
    }()

    private static func text(_ file: zs_three_file) -> String? {
        var length = 0
        guard let start = zs_three_script(file, &length) else { return nil }
        let text = String(
            decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
        // Whatever stands in a library, the element must end where we end it.
        return text.split(separator: "</script", omittingEmptySubsequences: false).joined(separator: "<\\/script")
    }

    /// As in the package's file of copyrights.
    private static let licence = """
        three.js (threejs.org), from Debian's package libjs-three, under the MIT licence:

        Copyright © 2010-2017 three.js authors

        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
        documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
        rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
        persons to whom the Software is furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
        Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
        WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
        COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
        OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
        """
}
