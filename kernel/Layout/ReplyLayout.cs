namespace Skerry.Kernel.Layout;

/// <summary>Of a Reply object, what the stubs and the C# structure share. Offsets in bytes.</summary>
public static class ReplyLayout
{
    public const int Word = 0;

    /// <summary>In the word: a faulter waits, whose context was lent to the owner.</summary>
    public const int LentByFaultMark = 2;
}
