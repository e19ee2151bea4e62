using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Skerry.Stubs;

/// <summary>
/// Turns nm's list of an image into the table its panic report reads: count, then for each function its address as an
/// offset from the image base (32 bits) and the offset of its name (32 bits), ascending; then the names, NUL-terminated.
/// </summary>
internal static class SymbolTable
{
    public static string Format(IEnumerable<string> nmLines)
    {
        List<(ulong Address, string Name)> functions = [];
        foreach (string line in nmLines)
        {
            string[] fields = line.Split(' ', 3);
            if (fields is [var address, "T" or "t", var name] && !_markers.Contains(name))
            {
                functions.Add(
                    (ulong.Parse(address, NumberStyles.HexNumber, CultureInfo.InvariantCulture), Readable(name))
                );
            }
        }
        // Several symbols of one address: the exported name is the short one.
        List<(ulong Address, string Name)> unique =
        [
            .. functions.GroupBy(f => f.Address).Select(g => g.MinBy(f => f.Name.Length)).OrderBy(f => f.Address),
        ];
        var names = new StringBuilder();
        var text = new StringBuilder(
            "# Written by Skerry.Stubs.\n.section .symbols,\"a\",@progbits\n.balign 8\n.globl SymbolTable\nSymbolTable:\n"
        );
        text.Append(CultureInfo.InvariantCulture, $".long {unique.Count}, 0\n");
        int offset = 0;
        foreach ((ulong address, string name) in unique)
        {
            text.Append(CultureInfo.InvariantCulture, $".long {(uint)address}, {offset}\n");
            names.Append(CultureInfo.InvariantCulture, $".asciz \"{name}\"\n");
            offset += name.Length + 1;
        }
        return text.Append(names).Append(".section .note.GNU-stack,\"\",@progbits\n").ToString();
    }

    /// <summary>ilc mangles Namespace.Type.Method to Assembly_Namespace_Type__Method; show it with dots.</summary>
    private static string Readable(string name)
    {
        int method = name.LastIndexOf("__", StringComparison.Ordinal);
        if (method <= 0)
        {
            return name;
        }
        string type = name[..method].Replace('_', '.');
        foreach (string assembly in _assemblies)
        {
            type = type.StartsWith(assembly, StringComparison.Ordinal) ? type[assembly.Length..] : type;
        }
        return type + "." + name[(method + 2)..];
    }

    private static readonly string[] _assemblies = ["Skerry.Kernel.", "Skerry.Runtime.", "Skerry.Abi."];

    /// <summary>Names of places, not of functions (build/link/kernel.ld).</summary>
    private static readonly string[] _markers = ["TextStart", "TextEnd"];
}
