// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import SfM
import Storage

/// One thing that a reconstruction needs of the machine.
struct HealthCheck: Codable, Equatable {
    /// How it stands.
    enum State: String, Codable {
        /// Nothing to do.
        case good
        /// Works, with limits.
        case limited
        /// Reconstructions will fail.
        case bad
    }

    var name: String
    var state: State
    /// What was found, and what to do when that is not enough.
    var text: String

    /// All checks, with `folder` as the place for results.
    static func all(folder: String) -> [HealthCheck] {
        [processor, kernels, memory, disk(folder), writing(folder), libraries]
    }

    private static var processor: HealthCheck {
        let count = Parallel.defaultThreadCount
        return HealthCheck(
            name: "processor", state: .good,
            text: "\(count) thread\(count == 1 ? "" : "s"), \(KernelHealth.instructionSet)")
    }

    /// Rounding differs between instruction sets; anything more is a defect of processor or build.
    private static var kernels: HealthCheck {
        let difference = KernelHealth.largestDifference()
        return difference < 1e-5
            ? HealthCheck(name: "kernels", state: .good, text: "compute what the plain ones do")
            : HealthCheck(
                name: "kernels", state: .bad,
                text: "differ from the plain ones by \(difference); build again on this machine, or report it")
    }

    private static let comfortableMemory = 2 << 30
    private static let smallestMemory = 512 << 20

    private static var memory: HealthCheck {
        guard let available = Machine.availableMemory else {
            return HealthCheck(name: "memory", state: .limited, text: "the system does not say how much is available")
        }
        let installed = Machine.installedMemory.map { " of \(gigabytes($0))" } ?? ""
        let text = "\(gigabytes(available))\(installed) available"
        if available >= comfortableMemory { return HealthCheck(name: "memory", state: .good, text: text) }
        return HealthCheck(
            name: "memory", state: available >= smallestMemory ? .limited : .bad,
            text: "\(text); photos take 0.4 to 1 GB. Close other programs, or use smaller or fewer photos")
    }

    private static let comfortableSpace = 1 << 30
    private static let smallestSpace = 50 << 20

    private static func disk(_ folder: String) -> HealthCheck {
        guard let free = Machine.freeSpace(at: folder) else {
            return HealthCheck(name: "disk", state: .bad, text: "\(folder) does not exist; choose another --folder")
        }
        let text = "\(gigabytes(free)) free at \(folder)"
        if free >= comfortableSpace { return HealthCheck(name: "disk", state: .good, text: text) }
        return HealthCheck(
            name: "disk", state: free >= smallestSpace ? .limited : .bad,
            text: "\(text); a workspace of 24 photos takes about 100 MB. Make room, or write elsewhere")
    }

    private static func writing(_ folder: String) -> HealthCheck {
        let path = "\(folder)/.reconstruct-doctor"
        do {
            try OutputFile.write([0], to: path)
            OutputFile.remove(path)
            return HealthCheck(name: "writing", state: .good, text: "files can be made in \(folder)")
        } catch {
            return HealthCheck(name: "writing", state: .bad, text: "\(error) Write results elsewhere with -o")
        }
    }

    private static var libraries: HealthCheck {
        HealthCheck(
            name: "libraries", state: .good,
            text: LinkedLibraries.versions.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
    }

    private static func gigabytes(_ bytes: Int) -> String {
        let tenths = (bytes * 10 + (1 << 29)) >> 30
        return "\(tenths / 10).\(tenths % 10) GB"
    }
}
