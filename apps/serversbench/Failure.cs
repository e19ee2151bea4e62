namespace Skerry.Apps.ServersBench;

/// <summary>Exit values.</summary>
internal static class Failure
{
    public const ulong UnknownWord = 1;
    public const ulong NoServer = 2;
    public const ulong WrongAnswers = 3;
}
