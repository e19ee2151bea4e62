namespace Skerry.Base.Servers.Components;

/// <summary>How far a child has come.</summary>
public enum ChildState : byte
{
    Running = 0,

    /// <summary>It said so itself; its exit value is there.</summary>
    Exited = 1,

    /// <summary>A fault of one of its threads was not answered.</summary>
    Crashed = 2,

    /// <summary>Everything it had has been taken back.</summary>
    Destroyed = 3,

    /// <summary>Everything it had has been taken back, and it is to be started again.</summary>
    AwaitsStart = 4,
}
