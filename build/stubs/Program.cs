using System;
using System.IO;
using Skerry.Apps.KernelBench.Measured;
using Skerry.Base.Entry;
using Skerry.Boot.Entry;
using Skerry.Kernel.Entry;
using Skerry.Stubs.Assembly;

namespace Skerry.Stubs;

/// <summary>Writes what is not C#: the stubs of an image as an assembler file, and the table of its function names. Explains what ilc
/// and ld found wrong.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["assemble", var image, var output]:
                return Assemble(image, output);
            case ["symbols", var list, var output]:
                File.WriteAllText(output, SymbolTable.Format(File.ReadLines(list)));
                return 0;
            case ["explain", var root, var messages, var map]:
                return Explain(root, messages, map);
            default:
                Console.Error.WriteLine(
                    "usage: Skerry.Stubs assemble kernel|boot|component|core|measure|core-measure OUTPUT | symbols NM-LIST OUTPUT "
                        + "| explain ROOT MESSAGES MAP"
                );
                return 2;
        }
    }

    /// <summary>Prints what ilc or ld found wrong as MSBuild reads it.</summary>
    private static int Explain(string root, string messages, string map)
    {
        string[] content = File.Exists(map) ? File.ReadAllLines(map) : [];
        foreach (string mistake in new ToolMistakes(root).Explain(File.ReadAllLines(messages), content))
        {
            Console.WriteLine(mistake);
        }
        return 0;
    }

    private static int Assemble(string image, string output)
    {
        var file = new StubFile();
        switch (image)
        {
            case "kernel":
                KernelStubs.Write(file);
                break;
            case "boot":
                BootStubs.Write(file);
                break;
            case "component" or "core":
                ComponentStubs.Write(file, image == "core");
                break;
            case "measure" or "core-measure":
                ComponentStubs.Write(file, image == "core-measure");
                MeasureStubs.Write(file);
                break;
            default:
                Console.Error.WriteLine($"Skerry.Stubs: no stubs for '{image}'");
                return 2;
        }
        WriteIfNew(output, file.ToString());
        return 0;
    }

    /// <summary>A file that stays as it is keeps its time, and nothing is built anew because of it.</summary>
    private static void WriteIfNew(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            File.WriteAllText(path, text);
        }
    }
}
