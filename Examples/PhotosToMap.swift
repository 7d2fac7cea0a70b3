// SPDX-License-Identifier: Apache-2.0

import SfM

/// Finds the cameras of a folder of photos; the workspace then holds what `reconstruct map` would have left there.
///
/// Running it again with the same folder and options reuses every finished stage.
public func mapPhotos(in folder: String, workspace: String, threads: Int = 2) throws -> MappingReport? {
    let options = PhotoOptions(quality: .fast)
    let job = try PhotoJob(workspace: try Workspace(workspace), options: options, threads: threads)
    try job.extractFeatures(PhotoInput(folder: folder))
    try job.matchFeatures()
    try job.buildMap()
    try job.saveReport()
    return job.report.mapping
}
