namespace Skerry.Apps.Hostile;

/// <summary>What is wrong with a message.</summary>
internal enum Form
{
    /// <summary>Nothing: it is for objects that do not serve its interface.</summary>
    Right,

    /// <summary>A method that the interface does not have: 0, and the last there can be.</summary>
    MethodZero,
    LastMethod,

    /// <summary>Of the interface's name one bit.</summary>
    OtherInterface,
    Empty,
    OneWordShort,
    OneWordLong,

    /// <summary>As long as a message may be.</summary>
    Longest,

    /// <summary>A text or a buffer that says it is longer than it may be.</summary>
    LengthBeyondBound,

    /// <summary>The same, so long that its end is no address.</summary>
    LargestLength,

    /// <summary>A text that says it is longer than the message.</summary>
    LengthBeyondEnd,

    /// <summary>An enum of no member.</summary>
    NoMember,

    /// <summary>One capability more than the method takes.</summary>
    OneCapabilityMore,
    End,
}
