namespace System.Runtime;

/// <summary>
/// Casts that ilc's scanner roots even where no code casts. Skerry's code has no class hierarchies to test at run
/// time, so a cast that the compiler could not decide ends the program.
/// </summary>
internal static class TypeCast
{
    public static object CheckCastAny(object value, nint type) => Undecided();

    public static object CheckCastInterface(object value, nint type) => Undecided();

    public static object CheckCastClass(object value, nint type) => Undecided();

    public static object CheckCastClassSpecial(object value, nint type) => Undecided();

    public static object IsInstanceOfAny(object value, nint type) => Undecided();

    public static object IsInstanceOfInterface(object value, nint type) => Undecided();

    public static object IsInstanceOfClass(object value, nint type) => Undecided();

    public static bool IsInstanceOfException(object value, nint type) => false;

    public static void StelemRef(object array, nint index, object value) => Undecided();

    public static ref object LdelemaRef(object array, nint index, nint type)
    {
        Undecided();
        return ref CompilerServices.Unsafe.AsRef(in Nothing);
    }

    private static readonly object Nothing = null!;

    private static object Undecided()
    {
        Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowInvalidProgramException(0);
        return null!;
    }
}

/// <summary>Present for the scanner; boxing needs members that are absent on purpose, so code that boxes does not compile.</summary>
internal static class RuntimeExports { }
