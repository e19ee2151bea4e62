using System;
using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Source;

/// <summary>A file or argument that a person gave is refused. The tool prints the reasons and ends with status 2.</summary>
public sealed class BadInputException : Exception
{
    public BadInputException(IReadOnlyList<Diagnostic> diagnostics)
        : base(string.Join(Environment.NewLine, diagnostics.Select(diagnostic => diagnostic.ToString()))) =>
        Diagnostics = diagnostics;

    /// <summary>For what has no position, such as a name on the command line.</summary>
    public BadInputException(string reason)
        : base(reason) => Diagnostics = [];

    public IReadOnlyList<Diagnostic> Diagnostics { get; }
}
