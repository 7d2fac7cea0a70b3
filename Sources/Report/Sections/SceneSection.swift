// SPDX-License-Identifier: Apache-2.0

/// The 3D view.
struct SceneSection {
    private let content: SceneContent
    private let document: SceneDocument?

    init(_ content: SceneContent) throws {
        self.content = content.limited()
        // Without the library nobody could look at it.
        document = ReportAssets.three == nil ? nil : try SceneDocument(content)
    }

    var section: ReportSection { ReportSection(id: "view", title: "3D view", body: document == nil ? missing : view) }

    /// The library, the data, and the script that brings them together.
    var scripts: HTML {
        guard let document, let three = ReportAssets.three else { return .none }
        return """
            <script type="application/json" id="scene-description">\(HTML(scriptData: document.description))</script>
            <script type="text/plain" id="scene-data">\(document.data)</script>
            \(three)<script>
            \(ReportAssets.viewer)</script>

            """
    }

    private var missing: HTML {
        Markup.paragraph(
            "There is no 3D view: the program was built on a machine without three.js. Install Debian's package libjs-three "
                + "(tools/setup does), build again and repeat the command; finished stages are kept.")
    }

    private var view: HTML {
        """
        <div id="viewer">
        <canvas tabindex="0" aria-label="3D view: drag to turn, arrow keys to shift, wheel to zoom"></canvas>
        <div id="viewer-label" hidden></div>
        </div>
        <div id="viewer-controls" class="controls">\(toggles)<button type="button" data-action="reset">Reset view</button></div>
        <p class="note" id="viewer-note">Drag to turn, right-drag or two fingers to shift, wheel to zoom.\
        \(content.cameras.isEmpty ? .none : " Click on a camera for its photo." as HTML) \
        \(content.notes.joined(separator: " "))</p>
        <noscript><p class="note">The 3D view needs JavaScript.</p></noscript>
        """
    }

    /// One switch for each thing that can be shown; those that would hide others start switched off.
    private var toggles: [HTML] {
        let layers: [(name: String, title: String, isThere: Bool, isOn: Bool)] = [
            ("mesh", "Mesh", content.mesh != nil, true),
            ("colors", "Colours", content.mesh?.colors != nil, true),
            ("wire", "Edges", content.mesh != nil, false),
            ("points", "Points", !content.points.isEmpty, content.mesh == nil),
            ("cameras", "Cameras", !content.cameras.isEmpty, true),
            ("photos", "Photos", !content.cameras.isEmpty, false),
            ("links", "Matches", !content.links.isEmpty, false),
            ("contours", "Contours", !content.contours.isEmpty, true),
        ]
        return layers.filter(\.isThere).map { layer in
            """
            <label><input type="checkbox" data-layer="\(layer.name)"\(layer.isOn ? " checked" as HTML : .none)> \
            \(layer.title)</label>
            """
        }
    }
}
