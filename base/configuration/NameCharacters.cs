using System;

namespace Skerry.Base.Configuration;

/// <summary>
/// What a name may consist of, so that it can stand in a path, a label, an archive and a line of the console: letters,
/// digits, '-', '_' and '.'. The host asks when it reads a file, and whoever opens the compiled form asks again.
/// </summary>
public static class NameCharacters
{
    public static bool IsAllowed(uint character) =>
        character is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '-' or '_' or '.';

    public static bool AreAllowed(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (!IsAllowed(name[i]))
            {
                return false;
            }
        }
        return true;
    }
}
