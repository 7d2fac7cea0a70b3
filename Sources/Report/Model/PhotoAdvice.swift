// SPDX-License-Identifier: Apache-2.0

import SfM

extension RunReport where Outcome == PhotoReport {
    /// What a user of this result should know, most serious first, each with what helps.
    public static func warnings(of report: PhotoReport) -> [String] {
        // The mapper knows best why photos are missing or a model is doubtful.
        var result = report.mapping?.warnings ?? []
        let models = report.mapping?.models ?? []
        if let error = models.first?.meanError, error > 1.5 {
            result.append(
                "The mean error of \(NumberText.fixed(error, places: 2)) px is high. Moving things, rolling shutter or photos of "
                    + "several cameras taken as one cause this; --cameras none gives each photo a camera of its own.")
        }
        if let length = models.first?.meanTrackLength, length < 3 {
            result.append("Points are seen by few photos each. More overlap makes everything more exact.")
        }
        if let surface = report.surface, surface.mesh.components > 20 {
            result.append(
                "The surface has \(surface.mesh.components) pieces. `reconstruct mesh clean` removes the small ones.")
        }
        return result + report.leftOut
    }
}
