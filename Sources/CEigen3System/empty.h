// Eigen is headers only: this target carries its include path.
