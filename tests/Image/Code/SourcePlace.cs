namespace Skerry.Tests.Image.Code;

/// <summary>A line of source, as the debugging information of an image names it.</summary>
/// <param name="File">Its path in the checkout.</param>
/// <param name="Line">The first is 1.</param>
internal sealed record SourcePlace(string File, int Line)
{
    public override string ToString() => $"{File}:{Line}";
}
