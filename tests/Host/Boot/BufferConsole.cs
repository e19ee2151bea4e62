using System;
using System.Text;
using Skerry.Boot.Console;

namespace Skerry.Tests.Host.Boot;

/// <summary>Keeps what bootstrap prints, for each of the test's threads.</summary>
internal readonly struct BufferConsole : IConsole
{
    [ThreadStatic]
    private static StringBuilder? written;

    public static string Text => written!.ToString();

    public static void Clear() => written = new StringBuilder();

    public static void Write(byte value) => written!.Append((char)value);

    public static string[] Lines() => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
