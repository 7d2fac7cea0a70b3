// SPDX-License-Identifier: Apache-2.0

import SfM

extension RunReport where Outcome == PhotoReport {
    /// What a user of this result should know, most serious first, each with what helps.
    public static func warnings(of report: PhotoReport) -> [String] {
        var result: [String] = []
        let models = report.mapping?.models ?? []
        if models.first?.isDoubtful == true {
            result.append(
                "Many matches contradict the map, which may be wrong. Look at the cameras in the 3D view; repeated structures "
                    + "cause this, and photos from in between help.")
        }
        if models.count > 1 {
            result.append(
                "The photos fell into \(models.count) separate models; only the first one is shown. Photos that overlap both "
                    + "sides of a gap join them.")
        }
        let missing = report.quality?.photos.filter { !$0.isRegistered }.count ?? 0
        if missing > 0 {
            result.append(
                "\(missing) of \(report.quality?.photos.count ?? 0) photos could not be registered; the table says why. "
                    + "Photos with two thirds of overlap with others, sharp and of a textured scene, register best.")
        }
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
        return result + (report.mapping?.warnings ?? []) + report.leftOut
    }
}
