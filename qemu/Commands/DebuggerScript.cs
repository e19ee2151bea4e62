using System.Collections.Generic;
using System.IO;

namespace Skerry.Qemu.Commands;

/// <summary>What gdb is told before a person types the first command.</summary>
public static class DebuggerScript
{
    /// <summary>What gdb learns about Skerry.</summary>
    private const string Skerry = "qemu/debugger/skerry.py";

    /// <param name="root">Of the checkout; its path may have spaces.</param>
    /// <param name="port">Where QEMU waits.</param>
    public static IEnumerable<string> Preparation(string root, int port) =>
        [
            "set confirm off",
            "set pagination off",
            "set architecture i386:x86-64",
            // The C# compiler wrote paths as they would be under /skerry (PathMap), for builds that can be repeated.
            $"set substitute-path /skerry {Word(root)}",
            $"target remote 127.0.0.1:{port}",
            // Takes the rest of the line for the file, quotes and all.
            $"source {Path.Combine(root, Skerry)}",
        ];

    /// <summary>One word to gdb.</summary>
    private static string Word(string path) => $"\"{path.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
