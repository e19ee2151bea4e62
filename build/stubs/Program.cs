using System;
using System.IO;
using Skerry.Apps.KernelBench.Measured;
using Skerry.Base.Entry;
using Skerry.Boot.Entry;
using Skerry.Kernel.Entry;
using Skerry.Stubs.Assembly;

namespace Skerry.Stubs;

/// <summary>Writes what is not C#: the stubs of an image as an assembler file, and the table of its function names.</summary>
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
            default:
                Console.Error.WriteLine(
                    "usage: Skerry.Stubs assemble kernel|boot|component|measure OUTPUT | symbols NM-LIST OUTPUT"
                );
                return 2;
        }
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
            case "component":
                ComponentStubs.Write(file);
                break;
            case "measure":
                ComponentStubs.Write(file);
                MeasureStubs.Write(file);
                break;
            default:
                Console.Error.WriteLine($"Skerry.Stubs: no stubs for '{image}'");
                return 2;
        }
        File.WriteAllText(output, file.ToString());
        return 0;
    }
}
