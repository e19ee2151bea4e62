using Skerry.Base.Rpc;

namespace Skerry.Base.Startup;

/// <summary>Serves as the service says, on its callers' time.</summary>
internal unsafe ref struct OnCallersTime<THandler>(ref THandler handler, CallersTime* time) : IMessageHandler
    where THandler : struct, IMessageHandler
{
    private readonly ref THandler _handler = ref handler;
    private readonly CallersTime* _time = time;

    public bool Handle(ref RpcMessage request, ref RpcMessage reply)
    {
        bool answer = _handler.Handle(ref request, ref reply);
        CallersTime.HasServed(_time);
        return answer;
    }
}
