// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import TestSupport
import Testing

/// Options of slice reconstructions that take a second.
enum QuickOptions {
    /// Writes them to a file in `folder` and returns its path.
    static func write(to folder: TemporaryFolder) throws -> String {
        let printed = try Program.run(["slices", "x.csl", "--print-options"])
        #expect(printed.status == 0)
        var options = try #require(
            try JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [String: Any])
        var training = try #require(options["training"] as? [String: Any])
        training["steps"] = 150
        training["tilesPerStep"] = 4
        options["training"] = training
        options["resolution"] = 40
        let path = folder.path("options.json")
        try OutputFile.write(Array(try JSONSerialization.data(withJSONObject: options)), to: path)
        return path
    }
}
